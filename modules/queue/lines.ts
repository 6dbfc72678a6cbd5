import type { Id } from '../../kernel/id.ts'

// The words of lines, which hold tickets.

export type LineId = Id<'QueueLine'>
export type ScreenId = Id<'QueueScreen'>

/** What is waited for: a doctor, or one of the rooms that a doctor sends people to. */
export type LineKind = 'clinic' | 'laboratory' | 'imaging' | 'pharmacy'

/** results: comes back to the doctor with what was found. */
export type Visit = 'first' | 'results'

/** By what somebody checked in; transfer: sent from another room. */
export type Via = 'phone' | 'beacon' | 'kiosk' | 'desk' | 'transfer'
