import { useMutation, useQueryClient } from '@tanstack/react-query'

import { underKey } from '../../web/idempotency-key.ts'
import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'
import { type Done, useChange } from '../shell/use-change.ts'
import type { Received } from './model.ts'

export type Receipt = {
  reference: string
  amountFen: number
  receivedAt: string
  payer: 'self' | 'family'
} & ({ number: string } | { loanId: string })

/** Tells of money that came. Told again by its reference it is the same money, so a second press does no harm. */
export function useReportReceived(lenderId: number, words: string) {
  const queryClient = useQueryClient()
  return useMutation<Received, unknown, Receipt>({
    mutationFn: async (body) => {
      const { data, error } = await api.client.POST('/v1/credit/lenders/{lenderId}/received', {
        params: { path: { lenderId } },
        body,
      })
      if (error) throw error
      return data
    },
    onSuccess: () => announce(words),
    onSettled: () => queryClient.invalidateQueries(),
  })
}

export const useRefuseCollection = (path: { lenderId: number; number: string }, done: Done) =>
  useChange<string>(async (reason) => {
    const { error } = await api.client.POST(
      '/v1/credit/lenders/{lenderId}/collections/{number}/refusal',
      { params: { path }, body: { reason } },
    )
    if (error) throw error
  }, done)

export type PayoutTo = { personId: string } | { hospitalId: number }

export const useProposePayout = (lenderId: number, to: PayoutTo, done: Done) =>
  useChange<{ amountFen: number; grounds: string }>(async (wish) => {
    const body = { ...to, ...wish }
    await underKey(`payout:${lenderId}:${JSON.stringify(body)}`, async (key) => {
      const { error } = await api.client.POST('/v1/credit/lenders/{lenderId}/payouts', {
        params: { path: { lenderId }, header: { 'Idempotency-Key': key } },
        body,
      })
      if (error) throw error
    })
  }, done)

/** The number of the bank's transfer, or null where it is not paid out. */
export const useDecidePayout = (path: { lenderId: number; id: string }, done: Done) =>
  useChange<string | null>(async (transferNo) => {
    await underKey(`payout-decision:${path.id}:${transferNo ?? ''}`, async (key) => {
      const { error } = await api.client.POST(
        '/v1/credit/lenders/{lenderId}/payouts/{id}/decision',
        { params: { path, header: { 'Idempotency-Key': key } }, body: { transferNo } },
      )
      if (error) throw error
    })
  }, done)

export type LineChange =
  | { kind: 'limit'; limitFen: number; reason: string }
  | { kind: 'suspended' | 'resumed'; reason: string }

export const useChangeLine = (path: { lenderId: number; id: string }, done: Done) =>
  useChange<LineChange>(async (body) => {
    const { error } = await api.client.POST('/v1/credit/lenders/{lenderId}/lines/{id}/changes', {
      params: { path },
      body,
    })
    if (error) throw error
  }, done)
