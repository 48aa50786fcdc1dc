/* SPDX-License-Identifier: MIT */
/*
 * page_style.c - how a page looks.
 *
 * In: nothing. Out: its style sheet: light and dark as the reader's system is, one
 * column on narrow screens, no font or picture from elsewhere. The colours have a
 * contrast of at least 4.5 to 1 for text, and 3 to 1 for bars.
 */
#include "summary/page_style.h"

const char page_style_digest[] = "uinIXLPlOmttcMQuvqHxjWP8GvA4/8FlQqb0ccX7uo8=";

const char page_style[] =
    ":root{color-scheme:light dark;--back:#fff;--card:#f5f6f8;--text:#1b1d22;--dim:#555b66;--line:#c9ced6;"
    "--link:#0b57c0;--hard:#b3261e;--soft:#b06a00;--none:#2f7d4f;--warn:#fdf0d5;--warn-line:#a15c00}"
    "@media(prefers-color-scheme:dark){:root{--back:#14161a;--card:#1e2127;--text:#e8eaee;--dim:#a9b0bc;--line:#434955;"
    "--link:#8ab4f8;--hard:#f28b82;--soft:#f5b25c;--none:#6cc28d;--warn:#3a2c10;--warn-line:#e0a030}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:62rem;padding:1rem;background:var(--back);color:var(--text);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.25rem;margin:2.2rem 0 .5rem;line-height:1.3}"
    "a{color:var(--link)}"
    ":focus-visible{outline:3px solid var(--link);outline-offset:2px}"
    ".skip{position:absolute;left:-99rem}.skip:focus{position:static}"
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:.5rem 0}"
    "nav a{display:inline-block;padding:.2rem 0}"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:1rem 0;padding:0}"
    ".figures div{background:var(--card);border-radius:.5rem;padding:.6rem .8rem}"
    ".figures dt{color:var(--dim);font-size:.9rem}.figures dd{margin:0;font-size:1.5rem;font-weight:600}"
    ".warning{background:var(--warn);border-left:.4rem solid var(--warn-line);padding:.6rem .9rem;margin:1rem 0}"
    ".note{color:var(--dim);font-size:.92rem;margin:.3rem 0}"
    "figure{margin:.5rem 0}svg{display:block;width:100%;background:var(--card);border-radius:.4rem}"
    "svg text{fill:var(--text);font-size:14px}svg .dim{fill:var(--dim);font-size:12px}svg .axis{stroke:var(--line)}"
    ".hard{fill:var(--hard)}.soft{fill:var(--soft)}.none{fill:var(--none)}"
    ".legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.3rem 0;font-size:.92rem}"
    ".legend svg{display:inline-block;width:12px;height:12px;margin-right:.4rem;background:none;border-radius:2px}"
    ".wide{position:relative;overflow-x:auto;margin:.5rem 0}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    ".more caption{position:static;width:auto;height:auto;clip-path:none;text-align:left;font-weight:600;padding:.8rem 0 .2rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}"
    "th[scope=row]{font-weight:500;min-width:9rem}thead th{border-bottom:2px solid var(--line)}"
    ".n{text-align:right;white-space:nowrap}td.t{min-width:11rem}"
    "summary{cursor:pointer;padding:.3rem 0}"
    "footer{margin-top:3rem;color:var(--dim);font-size:.9rem;border-top:1px solid var(--line);padding-top:.5rem}"
    "@media(max-width:30rem){body{padding:.7rem}th,td{padding-right:.5rem}.share{display:none}"
    "table{font-size:.9rem}th[scope=row]{min-width:5.6rem}td.t{min-width:5.4rem}}"
    "@media print{nav,.skip{display:none}body{max-width:none}}";
