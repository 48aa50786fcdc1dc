/* SPDX-License-Identifier: MIT */
/* log_csv.h - rows of the message tracking log of Microsoft Exchange and of the accounting file of PowerMTA. */
#ifndef BOUNCE_LOGS_LOG_CSV_H
#define BOUNCE_LOGS_LOG_CSV_H

#include "logs/log.h"

/* For log_columns: which log a header is from. */
struct log_csv;

#endif
