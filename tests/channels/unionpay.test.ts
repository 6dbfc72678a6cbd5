import { describeChannel } from './describe-channel.ts'
import { openUnionPayBench } from './unionpay-bench.ts'

describeChannel("UnionPay on UnionPay's page", () => openUnionPayBench('page'))
describeChannel('[P2] UnionPay by our code', () => openUnionPayBench('qr_code'))
describeChannel("UnionPay by the payer's code", () => openUnionPayBench('barcode'))
describeChannel('[P2] UnionPay in an app', () => openUnionPayBench('app', { voidSameDay: false }))
describeChannel('[P2] UnionPay with a shared key and SM3', () =>
  openUnionPayBench('qr_code', { signMethod: '12' }),
)
