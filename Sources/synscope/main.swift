print("synscope")
