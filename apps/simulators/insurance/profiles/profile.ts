import type { Profile } from '../centre.ts'
import { jilin } from './jilin.ts'
import { guangdong, standard } from './rio-provinces.ts'

export type { Gateway, Profile, VisitKind } from '../centre.ts'

/** What provinces do differently: a record of data each, and one strategy for the gateway. */
export const PROFILES = { standard, guangdong, jilin } satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES
