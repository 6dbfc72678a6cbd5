import type { components } from '../../../contract/hub.d.ts'

type Schemas = components['schemas']

export type Programme = Schemas['BenefitProgramme']
export type Terms = Programme['terms']
export type TermsOf<Kind extends Terms['kind']> = Extract<Terms, { kind: Kind }>
export type Rule = TermsOf<'subsidy'>['rule']
export type Condition = Rule['anyOf'][number][number]
export type Budget = NonNullable<Programme['budget']>
export type Allotment = Schemas['BenefitAllotment']
export type Proposal = Schemas['BenefitAllotmentProposal']
export type Entitlement = Schemas['BenefitEntitlement']
export type Need = Schemas['RegisteredNeed']
export type Patient = Schemas['StaffPatient']

export const PROGRAMME_KINDS = ['subsidy', 'voucher', 'package', 'points'] as const
export const PROGRAMME_STATUSES = [
  'proposed',
  'active',
  'ended',
  'refused',
] as const satisfies readonly Programme['status'][]
export const NEED_KINDS = [
  'minimum_living',
  'extreme_poverty',
  'near_poverty',
  'poverty_relief',
  'severe_disability',
  'orphan',
  'other',
] as const satisfies readonly Need['kind'][]
export const POINT_EVENTS = ['health_station', 'primary_care_first'] as const

/** Whether somebody else than who is signed in has to decide. */
export const isProposedBy = (proposedBy: string, { staffId }: { staffId: string }): boolean =>
  proposedBy === `staff:${staffId}`
