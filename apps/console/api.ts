import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

import { createClient } from '../../contract/client.ts'
import { isWorthRetrying, readFailure } from '../web/problem.ts'

export const api = createClient({ baseUrl: window.location.origin, app: 'console' })

const FRESH_MS = 10_000
const MOST_RETRIES = 2

/** `onSignedOut` is told whenever the hub no longer knows who asks. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (readFailure(error).code === 'http.unauthenticated') onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (count, error) => count < MOST_RETRIES && isWorthRetrying(error),
        // A browser that thinks it is offline may be wrong, and a page that waits in silence helps nobody.
        networkMode: 'always',
      },
      // What changes something is sent again by a person only.
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
