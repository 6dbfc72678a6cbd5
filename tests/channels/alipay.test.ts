import { describe, expect, it } from 'vitest'

import { channelChecks, runChannelCheck } from '../../modules/channels/suite/checks.ts'
import { ENCRYPTED, openAlipayBench } from './alipay-bench.ts'
import { describeChannel } from './describe-channel.ts'

describeChannel('[P2] Alipay in the mini-program', () => openAlipayBench('account'))
describeChannel('[P2] Alipay by our code', () => openAlipayBench('qr_code'))
describeChannel("Alipay by the payer's barcode", () => openAlipayBench('barcode'))
describeChannel('[P2] Alipay with its content encrypted', () =>
  openAlipayBench('account', { params: ENCRYPTED }),
)

// A page and an app are handed a signed request and nobody is asked. So nothing can go wrong in the charge; and until
// it expires nothing can take it back, which alipay-charges.test.ts shows instead.
const NOT_OF_A_HANDED_REQUEST = /^(release\.(unpaid|unknown)|trouble\.(charge|release)\.\w+)$/

describe.each(['page', 'app'] as const)('Alipay by %s, as every channel', (method) => {
  const checks = channelChecks.filter(({ id }) => !NOT_OF_A_HANDED_REQUEST.test(id))
  it.each(checks.map((check) => ({ id: check.id, check })))('$id', async ({ check }) => {
    const result = await runChannelCheck(check, () => openAlipayBench(method))
    const failure = result.outcome === 'failed' ? result : null
    expect(failure).toBeNull()
  })
})
