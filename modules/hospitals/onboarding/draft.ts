import type { Clock } from '../../../kernel/time.ts'
import type { Parameter, Params } from '../../../platform/descriptor/params.ts'
import type { Fixtures } from '../conformance/fixtures.ts'
import type { Hands } from '../conformance/hands.ts'
import type { Ask } from '../interface/ask.ts'
import type { OperationName } from '../interface/operations.ts'
import type { RolloutTerms } from '../rollout/terms.ts'

export type Codes = Readonly<Record<string, Readonly<Record<string, string>>>>

export type DraftContent = {
  productName: string
  /** The descriptor's text. */
  product: string
  params: Params
  /** By the hospital's code of a department: the code of its 诊疗科目. */
  departments: Readonly<Record<string, string>>
  /** The hospital's own words, by the product's code tables. */
  codes: Codes
}

export type Draft = DraftContent & { version: number; actor: string; at: Date }

export const STEP_KINDS = ['probe', 'dry_run', 'conformance', 'put_forward', 'live'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** What was tried or decided of one version of the draft. */
export type OnboardingStep = {
  version: number
  no: number
  kind: StepKind
  isGood: boolean
  detail: StepDetail
  actor: string
  at: Date
}

export type StepDetail = {
  departments?: readonly KnownDepartment[]
  tried?: readonly Tried[]
  terms?: RolloutTerms & { after: number }
  sha256?: string
  report?: object
  problem?: string
}

export type KnownDepartment = { code: string; name: string; subjectCode: string }

/** One operation asked in earnest: what went over the wire, masked, and what it is in the words of the contract. */
export type Tried = {
  operation: OperationName
  outcome: 'ok' | 'refused' | 'unknown' | 'not_offered'
  fault: Fault | null
  reason: string
  durationMs: number
  wire: readonly { sent: string; came: string }[]
  canonical: string
}

export type Fault =
  | 'refused'
  | 'no_such_host'
  | 'time_out'
  | 'tls'
  | 'signature'
  | 'said_no'
  | 'not_as_described'

export type ProductHead = {
  titles: { zh: string; en: string }
  parameters: readonly Parameter[]
  operations: readonly OperationName[]
}

/** Products as the adapter of described systems knows them. */
export type OnboardingProducts = {
  shipped: () => readonly string[]
  /** Of a shipped one. Errors: throws for a name that is none. */
  text: (name: string) => string
  /** Errors: throws hospital_product.invalid with the first thing that is wrong. */
  read: (text: string) => ProductHead
  /** Errors: throws hospital_product.invalid, declarative.params_invalid; never with a value. */
  ask: (stored: { product: string; params: Params; codes: Codes }, clock: Clock) => Ask
  openHands: (fixtures: Fixtures) => Promise<Hands>
}
