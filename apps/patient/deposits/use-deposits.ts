import { useMutation, useQueryClient } from '@tanstack/react-query'

import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'

const DEPOSITS = '/v1/hospitals/{hospitalId}/my-deposits'
const DEPOSIT = '/v1/hospitals/{hospitalId}/my-deposits/{id}'

export const useDeposits = (hospitalId: number) =>
  query.useQuery('get', DEPOSITS, { params: { path: { hospitalId } } })

/** One account with all that happened to it. */
export const useDeposit = (hospitalId: number, id: string) =>
  query.useQuery('get', DEPOSIT, { params: { path: { hospitalId, id } } })

/** Asks for what is left of a prepayment, once however often it is sent. */
export function useAskBack(hospitalId: number, id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () =>
      underKey(`deposit-back:${hospitalId}:${id}`, async (key) => {
        const { error } = await client.POST(`${DEPOSIT}/give-back`, {
          params: { path: { hospitalId, id }, header: { 'Idempotency-Key': key } },
        })
        if (error) throw error
      }),
    // Also after a failure: perhaps it was carried out, and only the answer was lost.
    onSettled: () =>
      Promise.all(
        [DEPOSITS, DEPOSIT].map((path) =>
          queryClient.invalidateQueries({ queryKey: ['get', path] }),
        ),
      ),
  })
}
