import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useSave } from './use-onboarding.ts'
import { type Draft, type Product, useOnboardingWords } from './words.ts'

type ProductCardProps = { draft: Draft | null; products: readonly Product[] }

/** Which product the hospital's system is, and the parameters that product asks for. A secret is never shown again. */
export function ProductCard({ draft, products }: ProductCardProps) {
  const { t, i18n } = useOnboardingWords()
  const { hospitalId } = useStaff()
  const [productName, setProductName] = useState(draft?.productName ?? products[0]?.name ?? '')
  const [typed, setTyped] = useState<Record<string, string>>(draft?.params ?? {})
  const save = useSave(hospitalId, t('saved'))
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const product = products.find(({ name }) => name === productName)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const known = (product?.parameters ?? []).map(({ name }) => [name, typed[name] ?? ''] as const)
    const params = Object.fromEntries(known.filter(([, value]) => value !== ''))
    const { departments = {}, codes = {}, version: after = 0 } = draft ?? {}
    save.mutate({ productName, product: null, params, departments, codes, after })
  }
  return (
    <form className="card note-form" onSubmit={submit} aria-labelledby="onboarding-product">
      <h2 id="onboarding-product">{t('product.title')}</h2>
      <label>
        {t('product.name')}
        <select value={productName} onChange={(event) => setProductName(event.target.value)}>
          {products.map(({ name, titles }) => (
            <option key={name} value={name}>
              {titles[language]}
            </option>
          ))}
        </select>
      </label>
      {product?.parameters.map(({ name, titles, isSecret, isOptional, example }) => (
        <label key={name}>
          {titles[language]} {isOptional ? t('product.optional') : ''}
          <input
            type={isSecret ? 'password' : 'text'}
            autoComplete="off"
            value={typed[name] ?? ''}
            placeholder={
              draft?.secretsKept.includes(name) ? t('product.secretKept') : (example ?? '')
            }
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        </label>
      ))}
      {save.error !== null && <Fault error={save.error} />}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {t('product.save')}
      </Button>
    </form>
  )
}
