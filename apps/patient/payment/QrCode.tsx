import { QRCodeSVG } from '@rc-component/qrcode'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { useChannelName } from './channel-name.ts'
import { useDemoWallet } from './demo-wallet.ts'
import { payerTenderOf, payFenOf } from './story.ts'
import { returnUrlHere } from './wallet.ts'

/** The code that the payer scans with another device. In a demo the sandbox's phone scans it, in this window. */
export function QrCode({ payment, content }: { payment: Payment; content: string }) {
  const { t } = useTranslation()
  const { scanUrl } = useDemoWallet()
  const channel = useChannelName(payment)(payerTenderOf(payment)?.provider ?? '')
  const title = t('wallet.scan', { channel, amount: amountText(payFenOf(payment)) })
  return (
    <section className="card qr-card" aria-label={title}>
      <p>{title}</p>
      <QRCodeSVG
        className="qr-code"
        value={content}
        level="M"
        marginSize={QUIET_ZONE}
        role="img"
        title={title}
      />
      {scanUrl !== null && (
        <a className="button" href={scanPageOf(scanUrl, content)}>
          {t('wallet.scanDemo')}
        </a>
      )}
    </section>
  )
}

// In modules, as ISO/IEC 18004 wants it around a code.
const QUIET_ZONE = 4

const scanPageOf = (scanUrl: string, code: string): string =>
  `${scanUrl}/scan?${new URLSearchParams({ code, return_url: returnUrlHere() })}`
