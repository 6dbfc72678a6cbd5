import { query } from '../api.ts'

/**
 * Where the sandbox's wallet is, which stands in for WeChat; a null `url` where there is none, as everywhere but in a
 * demo. Not asked for where the payer's own wallet is at hand.
 */
export function useDemoWallet(isAsked = true): { isKnown: boolean; url: string | null } {
  const { data, isPending } = query.useQuery(
    'get',
    '/v1/demo/wallet',
    {},
    { enabled: isAsked, staleTime: Number.POSITIVE_INFINITY, retry: false },
  )
  return { isKnown: !isAsked || !isPending, url: data?.url ?? null }
}
