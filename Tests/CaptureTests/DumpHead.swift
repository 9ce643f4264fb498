/// The head of a value change dump whose changes are written by hand, as in `#10 1c`.
enum DumpHead {
    /// Microseconds; `r` is reset, `t` stx, `c` sckout, `x` srx and `k` sckin. All wires rest.
    static let text = """
        $timescale 1 us $end
        $var wire 1 r reset $end
        $var wire 1 t stx $end
        $var wire 1 c sckout $end
        $var wire 1 x srx $end
        $var wire 1 k sckin $end
        $enddefinitions $end
        #0 $dumpvars 1r 0t 0c 0x 0k $end

        """
}
