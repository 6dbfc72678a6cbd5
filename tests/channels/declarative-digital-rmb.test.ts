import { openWalletBench } from '../../adapters/channels/declarative/testing/wallet-bench.ts'
import { describeChannel } from './describe-channel.ts'

describeChannel('[P3] digital RMB by a descriptor', () => openWalletBench('digital-rmb'))
