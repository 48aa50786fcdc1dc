/* SPDX-License-Identifier: MIT */
/* libpq.h - the functions of libpq that are used, loaded by name. */
#ifndef LEDGER_DB_LIBPQ_H
#define LEDGER_DB_LIBPQ_H

#include <libpq-fe.h>

// clang-format off
#define LIBPQ_FUNCTIONS(X) \
    X(PQclear) \
    X(PQconnectdb) \
    X(PQenterPipelineMode) \
    X(PQerrorMessage) \
    X(PQexec) \
    X(PQexitPipelineMode) \
    X(PQfinish) \
    X(PQgetResult) \
    X(PQgetisnull) \
    X(PQgetvalue) \
    X(PQpipelineStatus) \
    X(PQpipelineSync) \
    X(PQprepare) \
    X(PQresultErrorMessage) \
    X(PQresultStatus) \
    X(PQsendFlushRequest) \
    X(PQsendPrepare) \
    X(PQsendQueryPrepared) \
    X(PQsetNoticeProcessor) \
    X(PQsetSingleRowMode) \
    X(PQstatus)
// clang-format on

/* The members have the functions' own names: pq->PQclear(result). */
struct libpq {
#define LIBPQ_MEMBER(name) __typeof__(name) *name;
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
#undef LIBPQ_MEMBER
};

/* NULL: it is not installed, or too old (before 14). */
const struct libpq *libpq_load(void);

#endif
