import {
  maskAccount,
  maskAddress,
  maskBankCard,
  maskBirthDate,
  maskIdCard,
  maskName,
  maskPhone,
  maskPhoneForCalling,
} from './masks.ts'
import type { Role } from './principal.ts'

/**
 * Which kinds of data there are, how each is kept, and what of it is shown to whom: the one place that says it.
 * Whatever a route shows of a person goes through `shown`; every column of the database that may hold such data has its
 * class in tests/classification/column-classes.ts, or a test fails.
 *
 * Source: JR/T 0171-2020 (C1 to C3) and GB/T 39725-2020 (2 to 5) for the levels; the masks are those of the wallets.
 */
export const CLASSIFICATION = {
  /** Passwords, PINs, codes by SMS, templates of faces, card verification values. */
  secret: { jrt0171: 'C3', gbt39725: null, atRest: 'hash', usual: 'never', full: 'never', by: {} },
  identityNumber: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'step_up',
    by: {},
  },
  phone: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'step_up',
    by: { cashier: 'calling', it: 'calling' },
  },
  bankAccount: {
    jrt0171: 'C2',
    gbt39725: null,
    atRest: 'token',
    usual: 'masked',
    full: 'never',
    by: {},
  },
  name: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'role',
    by: { owner: 'full', treating: 'full', cashier: 'full', it: 'full' },
  },
  /** Medical insurance numbers, openids, cards and codes that people are known by. */
  account: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'step_up',
    by: {},
  },
  birthDate: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'role',
    by: { owner: 'full', treating: 'full', cashier: 'full', it: 'full' },
  },
  address: {
    jrt0171: 'C2',
    gbt39725: 4,
    atRest: 'sealed',
    usual: 'masked',
    full: 'step_up',
    by: {},
  },
  /** Diagnoses, and items of HIV, sexual, psychiatric and reproductive health. */
  diagnosis: {
    jrt0171: null,
    gbt39725: 5,
    atRest: 'sealed',
    usual: 'masked',
    full: 'role',
    by: { treating: 'full' },
  },
  /** What was bought: lines of bills, names of drugs. */
  billLine: {
    jrt0171: null,
    gbt39725: 4,
    atRest: 'rights',
    usual: 'never',
    full: 'role',
    by: {
      owner: 'full',
      treating: 'full',
      cashier: 'full',
      finance: 'full',
      it: 'full',
      auditor: 'full',
    },
  },
  amount: { jrt0171: 'C2', gbt39725: 3, atRest: 'plain', usual: 'full', full: 'role', by: {} },
  log: { jrt0171: 'C1', gbt39725: 2, atRest: 'chained', usual: 'full', full: 'role', by: {} },
} as const satisfies Record<string, Classification>

/**
 * A value as somebody may see it; null for what they may not see at all. Of several roles the one that sees most counts.
 * Never the place where somebody asks for the full value: that is a step of its own, with a reason.
 */
export function shown(
  dataClass: DataClass,
  value: string,
  viewers: readonly Viewer[],
): string | null {
  switch (displayFor(dataClass, viewers)) {
    case 'full':
      return value
    case 'calling':
      return maskPhoneForCalling(value)
    case 'masked':
      return MASKS[dataClass](value)
    case 'never':
      return null
  }
}

/** Whether somebody who proved again who they are, and said why, may see it in full for a minute. */
export const mayUnmask = (dataClass: DataClass): boolean =>
  CLASSIFICATION[dataClass].full === 'step_up'

function displayFor(dataClass: DataClass, viewers: readonly Viewer[]): Display {
  const { usual, by }: Classification = CLASSIFICATION[dataClass]
  const displays = viewers.map((viewer) => by[viewer] ?? usual)
  return OPENEST_FIRST.find((display) => displays.includes(display)) ?? usual
}

const OPENEST_FIRST: readonly Display[] = ['full', 'calling', 'masked', 'never']

/** On bills, in messages and for banks a diagnosis is a visit that cost something. */
const GENERIC_VISIT = '门诊费用'

const hidden = (value: string): string => '*'.repeat(Array.from(value).length)

const MASKS: Record<DataClass, (value: string) => string> = {
  secret: hidden,
  identityNumber: maskIdCard,
  phone: maskPhone,
  bankAccount: maskBankCard,
  name: maskName,
  account: maskAccount,
  birthDate: maskBirthDate,
  address: maskAddress,
  diagnosis: () => GENERIC_VISIT,
  billLine: hidden,
  amount: hidden,
  log: hidden,
}

export type DataClass = keyof typeof CLASSIFICATION

/** The person themself, whoever treats them, the roles at a hospital, and the others: banks, families, screens in halls. */
export type Viewer = Role | 'owner' | 'treating' | 'others'

type Display = 'full' | 'calling' | 'masked' | 'never'

type Classification = {
  jrt0171: 'C1' | 'C2' | 'C3' | null
  gbt39725: 2 | 3 | 4 | 5 | null
  /** hash: of the own password alone. token: the last digits, the bank, and a token. rights: row by row. */
  atRest: 'hash' | 'sealed' | 'token' | 'rights' | 'plain' | 'chained'
  /** What everybody sees who is not named. */
  usual: Display
  by: Partial<Record<Viewer, Display>>
  /** Who may see it in full: nobody, whoever proves again who they are and says why, or those named. */
  full: 'never' | 'step_up' | 'role'
}
