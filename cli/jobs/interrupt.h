/* SPDX-License-Identifier: MIT */
/* interrupt.h - SIGINT and SIGTERM, which end the work between two messages. */
#ifndef CLI_JOBS_INTERRUPT_H
#define CLI_JOBS_INTERRUPT_H

/* From here on the two signals are only recorded; one that was ignored stays ignored. A second one more than a second
 * after the first ends the process. */
void interrupt_catch(void);
/* The first signal that came; 0: none. */
int interrupt_signal(void);
/* Readable once a signal has come; -1: there is no such descriptor. */
int interrupt_fd(void);
/* For a worker: the program decides when to end. */
void interrupt_ignore(void);
/* Ends the process with the signal that came, as its parent expects. */
_Noreturn void interrupt_end(void);

#endif
