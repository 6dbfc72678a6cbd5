import { MINUTE_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'

/** Who is signed in; null until it is known. */
export function useMe() {
  const { data } = query.useQuery('get', '/v1/me', {}, { staleTime: 5 * MINUTE_MS })
  return data?.kind === 'person' ? data : null
}
