#include <libsigrok/libsigrok.h>
