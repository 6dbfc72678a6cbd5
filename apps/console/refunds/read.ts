import type { Refund } from '../../../contract/client.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { everyRow } from '../list/pages.ts'
import type { RefundsSearch } from '../search/params.ts'

export const PAGE_ROWS = 50
const STREAMED_ROWS = 200 // the most the hub gives at once

/** The filter of the URL as the hub wants it. The cursor is not part of it. */
export function queryOf({ by, before: _before, ...filter }: RefundsSearch, date: BusinessDate) {
  return {
    ...filter,
    ...(by === 'created' ? { createdOn: date } : {}),
    ...(by === 'returned' ? { returnedOn: date } : {}),
  }
}

/** All refunds of a filter, page by page. Errors: throws the hub's problem. */
export function everyRefund(
  hospitalId: number,
  query: ReturnType<typeof queryOf>,
  most: number,
  onLimit: () => void,
): AsyncGenerator<Refund> {
  return everyRow<Refund, string>({
    limit: STREAMED_ROWS,
    most,
    onLimit,
    cursorOf: ({ id }) => id,
    page: async (before, limit) => {
      const { data, error } = await api.client.GET('/v1/hospitals/{hospitalId}/refunds', {
        params: {
          path: { hospitalId },
          query: { ...query, limit, ...(before === undefined ? {} : { before }) },
        },
      })
      if (error) throw error
      return data.items
    },
  })
}
