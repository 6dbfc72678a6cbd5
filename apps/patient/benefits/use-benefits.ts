import { useMutation, useQueryClient } from '@tanstack/react-query'

import type { VoucherOffer } from '../../../contract/client.ts'
import { underKey } from '../../web/idempotency-key.ts'
import { client, query } from '../api.ts'

const at = (hospitalId: number) => ({ params: { path: { hospitalId } } })

const BENEFITS = '/v1/hospitals/{hospitalId}/my-benefits'
const PROGRAMMES = '/v1/hospitals/{hospitalId}/my-benefit-programmes'
const OFFERS = '/v1/hospitals/{hospitalId}/voucher-offers'
const POINTS = '/v1/hospitals/{hospitalId}/my-points'
const EXCHANGES = '/v1/hospitals/{hospitalId}/point-exchanges'

export const useMyBenefits = (hospitalId: number) => query.useQuery('get', BENEFITS, at(hospitalId))

export const useProgrammes = (hospitalId: number) =>
  query.useQuery('get', PROGRAMMES, at(hospitalId))

export const useOffers = (hospitalId: number) => query.useQuery('get', OFFERS, at(hospitalId))

const SHOWN_ENTRIES = 20

/** Points are the person's at all hospitals; any of them can be asked. */
export const usePoints = (hospitalId: number) =>
  query.useQuery('get', POINTS, {
    params: { path: { hospitalId }, query: { limit: SHOWN_ENTRIES } },
  })

/** Gives points for a voucher, once for one wish however often it is sent. */
export function useExchange(hospitalId: number, { programmeId, code }: VoucherOffer) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () =>
      underKey(`exchange:${hospitalId}:${programmeId}:${code}`, async (key) => {
        const { data, error } = await client.POST(EXCHANGES, {
          params: { path: { hospitalId }, header: { 'Idempotency-Key': key } },
          body: { programmeId, offerCode: code },
        })
        if (error) throw error
        return data
      }),
    // Also after a failure: perhaps it was carried out, and only the answer was lost.
    onSettled: () =>
      Promise.all(
        [BENEFITS, POINTS, OFFERS, PROGRAMMES].map((path) =>
          queryClient.invalidateQueries({ queryKey: ['get', path] }),
        ),
      ),
  })
}
