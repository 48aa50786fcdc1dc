/* SPDX-License-Identifier: MIT */
/* log_csv.h - rows of the message tracking log of Microsoft Exchange and of the accounting file of PowerMTA. */
#ifndef BOUNCE_LOGS_LOG_CSV_H
#define BOUNCE_LOGS_LOG_CSV_H

#include "logs/log.h"

/* Of log_columns: which of the logs a header is of. */
struct log_csv;

#endif
