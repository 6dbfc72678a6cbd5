import { openWalletBench } from '../../adapters/channels/declarative/testing/wallet-bench.ts'
import { describeChannel } from './describe-channel.ts'

describeChannel('a cross-border wallet by a descriptor', () =>
  openWalletBench('cross-border-wallet'),
)
