import { QueryCache, QueryClient } from '@tanstack/react-query'

import { SECOND_MS } from '../../kernel/time.ts'
import { isWorthRetrying, readFailure } from '../web/problem.ts'

const MOST_RETRIES = 2
const FRESH_MS = 5 * SECOND_MS

/** `onSignedOut` is called when the hub no longer knows who is asking. */
export const createQueryClient = (onSignedOut: () => void): QueryClient =>
  new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (readFailure(error).code === 'http.unauthenticated') onSignedOut()
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < MOST_RETRIES && isWorthRetrying(error),
        // A phone that says it is offline may be wrong, and a page that waits in silence helps nobody.
        networkMode: 'always',
      },
      // What moves money is sent again by the payer only, under the same key.
      mutations: { retry: false, networkMode: 'always' },
    },
  })
