import { useMutation, useQueryClient } from '@tanstack/react-query'

import { api } from '../api.ts'
import { announce } from '../shell/announce.ts'

type Done = { words: string; onDone?: () => void }

/** After a decision everything is read anew: its figures stand on many pages. */
export function useDecision<Wish>(send: (wish: Wish) => Promise<void>, { words, onDone }: Done) {
  const queryClient = useQueryClient()
  return useMutation<void, unknown, Wish>({
    mutationFn: send,
    onSuccess: () => {
      announce(words)
      onDone?.()
    },
    onSettled: () => queryClient.invalidateQueries(),
  })
}

type LoanRef = { lenderId: number; loanId: string }

export const useProposeWriteOff = ({ lenderId, loanId: id }: LoanRef, done: Done) =>
  useDecision<string>(async (reason) => {
    const { error } = await api.client.POST('/v1/credit/lenders/{lenderId}/loans/{id}/write-off', {
      params: { path: { lenderId, id } },
      body: { reason },
    })
    if (error) throw error
  }, done)

export const useApproveWriteOff = ({ lenderId, loanId: id }: LoanRef, done: Done) =>
  useDecision<void>(async () => {
    const { error } = await api.client.POST(
      '/v1/credit/lenders/{lenderId}/loans/{id}/write-off/approval',
      { params: { path: { lenderId, id } } },
    )
    if (error) throw error
  }, done)

export type Verdict = { reason: string; limitFen: number | null }

export const useDecideReview = (
  { lenderId, reviewId: id }: { lenderId: number; reviewId: string },
  done: Done,
) =>
  useDecision<Verdict>(async (body) => {
    const { error } = await api.client.POST('/v1/credit/lenders/{lenderId}/reviews/{id}/decision', {
      params: { path: { lenderId, id } },
      body,
    })
    if (error) throw error
  }, done)

export const useSetHospitalLimit = (
  path: { lenderId: number; careHospitalId: number },
  done: Done,
) =>
  useDecision<{ limitFen: number; reason: string }>(async (body) => {
    const { error } = await api.client.PUT(
      '/v1/credit/lenders/{lenderId}/hospital-limits/{careHospitalId}',
      { params: { path }, body },
    )
    if (error) throw error
  }, done)
