/* SPDX-License-Identifier: MIT */
/* interrupt.h - SIGINT and SIGTERM, which end the work between two messages. */
#ifndef CLI_JOBS_INTERRUPT_H
#define CLI_JOBS_INTERRUPT_H

/* From here on the two are only taken note of; one that was ignored stays so. A
 * second one that comes more than a second after the first ends the process. */
void interrupt_catch(void);
/* The signal that came first; 0: none. */
int interrupt_signal(void);
/* Can be read once a signal came; -1 if there is none. */
int interrupt_fd(void);
/* For a worker: to end is for the program to decide. */
void interrupt_ignore(void);
/* Ends the process by the signal that came, as its parent expects. */
_Noreturn void interrupt_end(void);

#endif
