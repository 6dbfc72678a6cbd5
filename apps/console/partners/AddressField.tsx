import { useTranslation } from 'react-i18next'

/** From where an application may call, one address or range on each line; none for anywhere. */
export function AddressField({
  text,
  onChange,
}: {
  text: string
  onChange: (text: string) => void
}) {
  const { t } = useTranslation()
  return (
    <label>
      {t('partners.addresses')}
      <textarea
        value={text}
        rows={2}
        spellCheck={false}
        placeholder="203.0.113.0/24"
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="fine">{t('partners.addressesHint')}</span>
    </label>
  )
}

export const addressesIn = (text: string): string[] =>
  text.split(/[\s,，]+/).filter((address) => address !== '')
