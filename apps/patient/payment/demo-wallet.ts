import { query } from '../api.ts'

/**
 * Where the sandbox's wallet is, which stands in for WeChat, and its phone, which scans codes; null where there is none,
 * as everywhere but in a demo. Not asked for where the payer's own wallet is at hand.
 */
export function useDemoWallet(isAsked = true): DemoWallet {
  const { data, isPending } = query.useQuery(
    'get',
    '/v1/demo/wallet',
    {},
    { enabled: isAsked, staleTime: Number.POSITIVE_INFINITY, retry: false },
  )
  const { url = null, scanUrl = null } = data ?? {}
  return { isKnown: !isAsked || !isPending, url, scanUrl }
}

type DemoWallet = { isKnown: boolean; url: string | null; scanUrl: string | null }
