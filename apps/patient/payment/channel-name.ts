import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { inLanguage } from '../pay/way.ts'

/** Names a provider as the hospital does, and as everybody does where the hospital has not named it. */
export function useChannelName(payment: Payment): (provider: string) => string {
  const { t, i18n } = useTranslation()
  const { offered = [], notOffered = [] } = payment.channelChoice ?? {}
  return (provider) => {
    const named = [...offered, ...notOffered].find(({ channel }) => channel === provider)
    if (named) return inLanguage(named.title, i18n.language)
    return t(`common:providers.${provider}`, { defaultValue: provider })
  }
}
