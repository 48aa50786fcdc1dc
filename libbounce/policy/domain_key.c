/* SPDX-License-Identifier: MIT */
/*
 * domain_key.c - a domain as A-labels: Unicode normalisation, then punycode (RFC 3492).
 *
 * In: a domain, in any case and script. Out: the same in lower case, as DNS has it. As UTS #46 says and registries do
 * today, sharp s and the like are kept: strasse is another domain. Refused: what DNS cannot hold.
 */
#include "policy/domain_key.h"

#include <glib.h>
#include <stdint.h>

/* RFC 3492 section 5 */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 128, LABEL_BYTES = 63 };

struct label {
    char bytes[LABEL_BYTES + 1];
    size_t n;
    bool is_full;
};

static void put(struct label *l, char c)
{
    if (l->n == LABEL_BYTES)
        l->is_full = true;
    else
        l->bytes[l->n++] = c;
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > ((BASE - T_MIN) * T_MAX) / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_number(struct label *l, uint32_t number, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        const uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        const uint32_t digit = number < t ? number : t + (number - t) % (BASE - t);
        put(l, (char)(digit < 26 ? 'a' + digit : '0' + digit - 26));
        if (number < t)
            return;
        number = (number - t) / (BASE - t);
    }
}

static uint32_t next_code(const gunichar *points, size_t n, uint32_t from)
{
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        if (points[i] >= from && points[i] < least)
            least = points[i];
    return least;
}

/* "xn--" and the digits. A label of more points than it may have bytes is too long in any case. */
static void put_punycode(struct label *l, const gunichar *points, size_t n)
{
    uint32_t code = FIRST_CODE, delta = 0, bias = FIRST_BIAS, done = 0;
    for (const char *c = "xn--"; *c; c++)
        put(l, *c);
    for (size_t i = 0; i < n; i++)
        if (points[i] < FIRST_CODE)
            put(l, (char)points[i]), done++;
    const uint32_t basic = done;
    if (basic)
        put(l, '-');
    while (done < n && !l->is_full) {
        const uint32_t next = next_code(points, n, code);
        delta += (next - code) * (done + 1);
        code = next;
        for (size_t i = 0; i < n; i++) {
            delta += points[i] < code;
            if (points[i] == code) {
                put_number(l, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        code++;
    }
}

/* In compatibility form and lower case; NULL if it is not UTF-8. For g_free(). */
static char *unicode_form(struct span domain)
{
    char *compatible = g_utf8_normalize(domain.s, (gssize)domain.n, G_NORMALIZE_NFKC);
    if (!compatible)
        return NULL;
    GString *lower = g_string_new(NULL);
    for (const char *c = compatible; *c; c = g_utf8_next_char(c)) {
        const gunichar u = g_utf8_get_char(c);
        g_string_append_unichar(lower, u == 0x3002 ? '.' : g_unichar_tolower(u));
    }
    char *form = g_utf8_normalize(lower->str, (gssize)lower->len, G_NORMALIZE_NFC);
    g_string_free(lower, TRUE);
    g_free(compatible);
    return form;
}

static bool encode_label(struct span label, struct label *l)
{
    gunichar points[LABEL_BYTES];
    size_t n = 0;
    bool ascii = true;
    l->n = 0;
    l->is_full = false;
    for (const char *c = label.s; c < label.s + label.n; c = g_utf8_next_char(c)) {
        if (n == LABEL_BYTES)
            return false;
        points[n] = g_utf8_get_char(c);
        ascii = ascii && points[n] < FIRST_CODE;
        n++;
    }
    if (ascii)
        for (size_t i = 0; i < n; i++)
            put(l, ascii_lower((char)points[i]));
    else
        put_punycode(l, points, n);
    return n && !l->is_full;
}

static bool encode(struct span domain, char *key)
{
    size_t n = 0;
    struct label l;
    for (size_t start = 0; start <= domain.n;) {
        const char *dot = memchr(domain.s + start, '.', domain.n - start);
        const size_t end = dot ? (size_t)(dot - domain.s) : domain.n;
        if (!encode_label(span_of(domain.s + start, end - start), &l) || n + 1 + l.n >= DOMAIN_KEY_BYTES)
            return false;
        if (start)
            key[n++] = '.';
        memcpy(key + n, l.bytes, l.n);
        n += l.n;
        start = end + 1;
    }
    key[n] = '\0';
    return true;
}

static bool has_odd_byte(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] <= ' ' || s.s[i] == '@' || s.s[i] == 0x7f)
            return true;
    return false;
}

bool domain_key(struct span domain, char key[static DOMAIN_KEY_BYTES])
{
    key[0] = '\0';
    if (domain.n && domain.s[domain.n - 1] == '.')
        domain.n--;
    if (!domain.n || has_odd_byte(domain))
        return false;
    if (domain.s[0] == '[') {
        if (domain.n >= DOMAIN_KEY_BYTES || domain.s[domain.n - 1] != ']')
            return false;
        bytes_lower(key, domain.s, domain.n);
        key[domain.n] = '\0';
        return true;
    }
    if (bytes_ascii(domain.s, domain.n) == domain.n)
        return encode(domain, key);
    char *form = unicode_form(domain);
    struct span s = span_z(form);
    if (s.n && s.s[s.n - 1] == '.')
        s.n--;
    const bool good = s.n && !has_odd_byte(s) && encode(s, key);
    g_free(form);
    if (!good)
        key[0] = '\0';
    return good;
}
