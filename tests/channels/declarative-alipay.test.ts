import { openAlipayBench } from '../../adapters/channels/declarative/testing/alipay-bench.ts'
import { describeChannel } from './describe-channel.ts'

describeChannel('Alipay by a descriptor', () => openAlipayBench())
