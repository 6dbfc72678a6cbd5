import { useMutation } from '@tanstack/react-query'

import type { components } from '../../../contract/hub.d.ts'
import { type BusinessDate, businessDateOf, MINUTE_MS } from '../../../kernel/time.ts'
import { client, query } from '../api.ts'
import { save } from '../parts/save.ts'
import type { Days } from './period.ts'

export type Statement = components['schemas']['Statement']
export type StatementItem = Statement['items'][number]

/** The hub's day in Shanghai; null until it is known. */
export function useToday() {
  const { data, error, refetch } = query.useQuery(
    'get',
    '/v1/health',
    {},
    { staleTime: 10 * MINUTE_MS },
  )
  const today: BusinessDate | null = data ? businessDateOf(new Date(data.at)) : null
  return { today, error, refetch }
}

/** Each time it is asked for it has another number, so that it is asked for again by the person only. */
export const useStatement = (days: Days | null) =>
  query.useQuery(
    'get',
    '/v1/me/statement',
    { params: { query: days ?? { from: '', to: '' } } },
    { enabled: days !== null, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
  )

export type FileKind = 'pdf' | 'csv'

/** Fetches the statement of the days as a file, and hands it to the browser. */
export const useFile = (kind: FileKind) =>
  useMutation({
    mutationFn: async (days: Days) => {
      const { data, error } = await client.GET(`/v1/me/statement.${kind}`, {
        params: { query: days },
        parseAs: 'blob',
      })
      if (error) throw error
      save(data, `statement-${days.from}-${days.to}.${kind}`)
    },
  })
