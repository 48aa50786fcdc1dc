/* SPDX-License-Identifier: MIT */
/*
 * embed_text.c - the C code of strings and of tables of numbers.
 *
 * What comes in: a file to write to, and values. What goes out: C code, always
 * the same for the same values. Errors of writing are left to the caller, who
 * asks ferror().
 */
#include "rules/embed_text.h"

#include <glib.h>

/* An escape always has three digits, so a digit after it is not part of it. */
void put_string(FILE *out, const char *s)
{
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\' || *s == '?' || (unsigned char)*s < ' ' || (unsigned char)*s > '~')
            fprintf(out, "\\%03o", (unsigned char)*s);
        else
            fputc(*s, out);
    }
    fputc('"', out);
}

void put_texts(FILE *out, const char *name, const char *texts, size_t bytes)
{
    fprintf(out, "static const char %s[] =\n\"\"\n", name);
    for (size_t at = 0; at < bytes; at += strlen(texts + at) + 1) {
        put_string(out, texts + at);
        fputs(" \"\\0\"\n", out);
    }
    fputs(";\n\n", out);
}

void begin_table(FILE *out, const char *type, const char *name)
{
    fprintf(out, "static const %s %s[] = {\n", type, name);
}

void end_table(FILE *out)
{
    fputs("{0}};\n\n", out);
}

void put_numbers(FILE *out, const char *name, const uint32_t *numbers, size_t count)
{
    fprintf(out, "static const uint32_t %s[] = {", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%u,", i % 16 ? " " : "\n", (unsigned)numbers[i]);
    fputs(" 0};\n\n", out);
}

void put_bits(FILE *out, const char *name, const uint64_t *words, size_t count)
{
    fprintf(out, "static const uint64_t %s[] = {", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s0x%llxu,", i % 8 ? " " : "\n", (unsigned long long)words[i]);
    fputs("};\n\n", out);
}

const char *table_name(const char *index, const char *table)
{
    static char names[2][64];
    static unsigned next;
    char *name = names[next++ % 2];
    g_snprintf(name, sizeof names[0], "%s_%s", index, table);
    return name;
}
