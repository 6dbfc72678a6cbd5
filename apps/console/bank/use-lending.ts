import { api } from '../api.ts'
import { type Done, useChange } from '../shell/use-change.ts'

type LoanRef = { lenderId: number; loanId: string }

export const useProposeWriteOff = ({ lenderId, loanId: id }: LoanRef, done: Done) =>
  useChange<string>(async (reason) => {
    const { error } = await api.client.POST('/v1/credit/lenders/{lenderId}/loans/{id}/write-off', {
      params: { path: { lenderId, id } },
      body: { reason },
    })
    if (error) throw error
  }, done)

export const useApproveWriteOff = ({ lenderId, loanId: id }: LoanRef, done: Done) =>
  useChange<void>(async () => {
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
  useChange<Verdict>(async (body) => {
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
  useChange<{ limitFen: number; reason: string }>(async (body) => {
    const { error } = await api.client.PUT(
      '/v1/credit/lenders/{lenderId}/hospital-limits/{careHospitalId}',
      { params: { path }, body },
    )
    if (error) throw error
  }, done)
