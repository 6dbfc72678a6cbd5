import { createHash } from 'node:crypto'

import type { Fen } from '../../kernel/money.ts'
import { fen, negateFen, ZERO } from '../../kernel/money.ts'
import type { Account, Transfer } from '../ledger/index.ts'

// The accounts of settlement. What a provider owes goes, as its list is agreed to, from its receivables to its clearing
// account, and from there to the bank's as the bank says that it came. What the bank says is booked whether or not
// anything explains it: until then it is in suspense.

/** As payments has it: what a provider took for the hospital, by who paid. */
const receivable = (provider: string, part: string): Account => ({
  code: `receivable/${provider}/${part}`,
  kind: 'asset',
})
export const clearing = (provider: string): Account => ({
  code: `clearing/${provider}`,
  kind: 'asset',
})
export const bank = (account: string): Account => ({ code: `bank/${account}`, kind: 'asset' })
export const SUSPENSE: Account = { code: 'suspense/receipts', kind: 'liability' }
/** What providers keep for their service: stands on the debit side, against the income. */
const fees = (provider: string): Account => ({ code: `fees/${provider}`, kind: 'income' })
const owedFees = (provider: string): Account => ({
  code: `owed/fees/${provider}`,
  kind: 'liability',
})
/** What others have of it by contract: stands on the debit side, against the income. */
const shares = (party: string): Account => ({ code: `shares/${party}`, kind: 'income' })
const owedShare = (party: string): Account => ({ code: `owed/shares/${party}`, kind: 'liability' })

/** An amount to be moved, below zero the other way round; `name` is the same in every version of a batch. */
export type Moving = { name: string; debit: Account; credit: Account; amountFen: Fen }

const HOSPITAL_PARTY = 'hospital'

/** All that a batch moves. Charges less returns of every part, the fee as billed, and what others get. */
export function movesOfBatch(batch: {
  provider: string
  parts: readonly { part: string; chargeFen: Fen; returnFen: Fen }[]
  feeFen: Fen
  isNet: boolean
  shares: readonly { party: string; amountFen: Fen }[]
}): Moving[] {
  const { provider, feeFen, isNet } = batch
  const to = clearing(provider)
  return [
    ...batch.parts.map(({ part, chargeFen, returnFen }) => ({
      name: `part/${part}`,
      debit: to,
      credit: receivable(provider, part),
      amountFen: fen(chargeFen - returnFen),
    })),
    {
      name: isNet ? 'fee/net' : 'fee/gross',
      debit: fees(provider),
      credit: isNet ? to : owedFees(provider),
      amountFen: feeFen,
    },
    ...batch.shares
      .filter(({ party }) => party !== HOSPITAL_PARTY)
      .map(({ party, amountFen }) => ({
        name: `share/${party}`,
        debit: shares(party),
        credit: owedShare(party),
        amountFen,
      })),
  ]
}

/** What is still to be posted when so much is in the books already: what a new version has no more is taken back. */
export function transfersOf(moves: readonly Moving[], posted: readonly Moving[]): Transfer[] {
  const names = new Set(moves.map(({ name }) => name))
  const before = new Map(posted.map(({ name, amountFen }) => [name, amountFen]))
  const gone = posted.filter(({ name }) => !names.has(name))
  return [
    ...gone.flatMap(({ debit, credit, amountFen }) => signed(debit, credit, negateFen(amountFen))),
    ...moves.flatMap(({ name, debit, credit, amountFen }) =>
      signed(debit, credit, fen(amountFen - (before.get(name) ?? ZERO))),
    ),
  ]
}

/** A transfer of an amount of either sign; none for nothing. */
export function signed(debit: Account, credit: Account, amountFen: Fen): Transfer[] {
  if (amountFen === 0) return []
  return amountFen > 0
    ? [{ debit, credit, amountFen }]
    : [{ debit: credit, credit: debit, amountFen: negateFen(amountFen) }]
}

export const digestOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
