/* SPDX-License-Identifier: MIT */
/* warnings.h - whether a report has a warning, for tests and fuzz targets. */
#ifndef BOUNCE_TESTS_WARNINGS_H
#define BOUNCE_TESTS_WARNINGS_H

#include "bounce.h"

#include <string.h>

static inline bool has_warning(const bounce_report *report, const char *id)
{
    for (size_t i = 0; i < bounce_report_warnings(report); i++)
        if (!strcmp(bounce_report_warning_id(report, i), id))
            return true;
    return false;
}

#endif
