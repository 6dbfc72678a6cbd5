import { useQueries } from '@tanstack/react-query'

import { SECOND_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'

/** How the open bills of one hospital are asked for, on each page alike. */
export const openBillsOptions = (hospitalId: number) =>
  query.queryOptions(
    'get',
    '/v1/hospitals/{hospitalId}/bills',
    { params: { path: { hospitalId } } },
    { staleTime: 10 * SECOND_MS, refetchOnWindowFocus: true },
  )

/** The answers of all hospitals, in their order. */
export const useOpenBills = (hospitals: readonly { id: number }[]) =>
  useQueries({ queries: hospitals.map((hospital) => openBillsOptions(hospital.id)) })

export type OpenBillsAnswer = ReturnType<typeof useOpenBills>[number]
