// SPDX-License-Identifier: GPL-2.0
/* The published name of this header; everything is in bits.h. */
#ifndef GADGET_BITS_BPF_H
#define GADGET_BITS_BPF_H

#include <gadget/bits.h>

#endif /* GADGET_BITS_BPF_H */
