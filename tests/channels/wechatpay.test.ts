import { describeChannel } from './describe-channel.ts'
import { openWechatBench } from './wechatpay-bench.ts'

describeChannel('WeChat Pay inside WeChat (JSAPI)', () => openWechatBench('account'))
describeChannel('WeChat Pay by our code (Native)', () => openWechatBench('qr_code'))
describeChannel('WeChat Pay in a browser (H5)', () => openWechatBench('page'))
describeChannel('WeChat Pay in an app', () => openWechatBench('app'))
describeChannel('WeChat Pay by the payer’s code (付款码)', () => openWechatBench('barcode'))
describeChannel('WeChat Pay by the payer’s code, signed with MD5', () =>
  openWechatBench('barcode', { signType: 'MD5' }),
)
