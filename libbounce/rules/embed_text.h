/* SPDX-License-Identifier: MIT */
/*
 * embed_text.h - the C code of strings and of tables of numbers. Private to
 * embed_*.c, as are all its siblings.
 */
#ifndef BOUNCE_RULES_EMBED_TEXT_H
#define BOUNCE_RULES_EMBED_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A string literal. */
void put_string(FILE *out, const char *s);
/* An array that holds texts, each with its NUL; bytes counts all of them. */
void put_texts(FILE *out, const char *name, const char *texts, size_t bytes);
/* The frame of a table. It ends in an item that is all 0: no table may be empty in C. */
void begin_table(FILE *out, const char *type, const char *name);
void end_table(FILE *out);
void put_numbers(FILE *out, const char *name, const uint32_t *numbers, size_t count);
/* count must not be 0. */
void put_bits(FILE *out, const char *name, const uint64_t *words, size_t count);
/* "INDEX_TABLE", valid until the next call but one. */
const char *table_name(const char *index, const char *table);

#endif
