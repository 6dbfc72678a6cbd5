import { openWechatBench } from '../../adapters/channels/declarative/testing/wechat-bench.ts'
import { describeChannel } from './describe-channel.ts'

describeChannel('[P3] WeChat Pay by a descriptor', () => openWechatBench())
