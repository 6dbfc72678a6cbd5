import { describeChannel } from './describe-channel.ts'
import { openWechatBench } from './wechatpay-bench.ts'

describeChannel('[P2] WeChat Pay inside WeChat (JSAPI)', () => openWechatBench('account'))
describeChannel('[P2] WeChat Pay by our code (Native)', () => openWechatBench('qr_code'))
describeChannel('[P2] WeChat Pay in a browser (H5)', () => openWechatBench('page'))
describeChannel('[P2] WeChat Pay in an app', () => openWechatBench('app'))
describeChannel('[P2] WeChat Pay by the payer’s code (付款码)', () => openWechatBench('barcode'))
describeChannel('[P2] WeChat Pay by the payer’s code, signed with MD5', () =>
  openWechatBench('barcode', { signType: 'MD5' }),
)
