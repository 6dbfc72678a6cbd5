import { describeChannel } from './describe-channel.ts'
import { openUnionPayBench } from './unionpay-bench.ts'

describeChannel("UnionPay on UnionPay's page", () => openUnionPayBench('page'))
describeChannel('UnionPay by our code', () => openUnionPayBench('qr_code'))
describeChannel("UnionPay by the payer's code", () => openUnionPayBench('barcode'))
describeChannel('UnionPay in an app', () => openUnionPayBench('app', { voidSameDay: false }))
describeChannel('UnionPay with a shared key and SM3', () =>
  openUnionPayBench('qr_code', { signMethod: '12' }),
)
