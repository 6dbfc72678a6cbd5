import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Verdict } from '../terms/TermsDialog.tsx'
import type { NewCalendar, NewContract, Receipt } from './model.ts'

type Target = { provider: string; date: string; amountFen: number }

/** A person says what a receipt was for. Sent again under its key, it is the same assignment. */
export const useAssign = (
  hospitalId: number,
  { account, bankRef, variant, allocatedFen }: Receipt,
  done: Done,
) =>
  useChange<Target>(async (target) => {
    const body = { account, bankRef, variant, ...target }
    await underKey(`assign:${allocatedFen}:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/settlement/assignments', {
        params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
        body,
      })
      if (error) throw error
    })
  }, done)

export const useProposeTerms = (hospitalId: number, done: Done) =>
  useChange<NewContract | NewCalendar>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/settlement/terms', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)

export const useDecideTerms = (hospitalId: number, done: Done) =>
  useChange<Verdict>(async ({ id, ...body }) => {
    const { error } = await api.client.POST(
      '/v1/hospitals/{hospitalId}/settlement/terms/{id}/decision',
      { params: { path: { hospitalId, id } }, body },
    )
    if (error) throw error
  }, done)

export type Told = { account: string; date: string; balanceFen: number }

/** What a bank says is in custody; told again, the last counts. */
export const useTellCustody = (hospitalId: number, done: Done) =>
  useChange<Told>(async (body) => {
    const { error } = await api.client.POST('/v1/hospitals/{hospitalId}/settlement/custody', {
      params: { path: { hospitalId } },
      body,
    })
    if (error) throw error
  }, done)
