//! What happened: triggers with ACLED sub-event type, agent, patient, place, time.
