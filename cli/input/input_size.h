/* SPDX-License-Identifier: MIT */
/* input_size.h - how much there is to read. */
#ifndef CLI_INPUT_INPUT_SIZE_H
#define CLI_INPUT_INPUT_SIZE_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of these files and of all files in these folders; 0 if that is unknown. */
uint64_t input_size(char *const *inputs, size_t count);

#endif
