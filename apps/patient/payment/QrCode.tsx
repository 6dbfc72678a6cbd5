import { QRCodeSVG } from '@rc-component/qrcode'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { amountText } from '../../web/amount.ts'
import { useChannelName } from './channel-name.ts'
import { useDemoWallet } from './demo-wallet.ts'
import { payerTenderOf, payFenOf } from './story.ts'
import { isWebAddress } from './wallet.ts'

/** The code that the payer scans with another device. In a demo its address can be opened here instead. */
export function QrCode({ payment, content }: { payment: Payment; content: string }) {
  const { t } = useTranslation()
  const demo = useDemoWallet()
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
      {demo.url !== null && isLocal(content) && (
        <a className="button" href={content} target="_blank" rel="noopener noreferrer">
          {t('wallet.openDemo')}
        </a>
      )}
      {demo.url !== null && !isLocal(content) && <p className="note">{t('wallet.noDemo')}</p>}
    </section>
  )
}

// In modules, as ISO/IEC 18004 wants it around a code.
const QUIET_ZONE = 4

/** The sandbox's own: everybody else's codes are for their apps only. */
const isLocal = (text: string): boolean =>
  isWebAddress(text) && /^(127\.0\.0\.1|localhost)$/.test(new URL(text).hostname)
