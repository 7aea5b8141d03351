-- The merchants and operators that a person may see, by name: those at which they hold roles, the merchants that such
-- operators work for, and the operators that work for such merchants. Of an operator also the merchants it works for.
WITH member AS MATERIALIZED (
  SELECT operator_id, merchant_id, roles FROM people_membership WHERE user_id = %s
), contract AS MATERIALIZED (
  SELECT operator_id, merchant_id FROM people_servicecontract
  WHERE operator_id IN (SELECT operator_id FROM member) OR merchant_id IN (SELECT merchant_id FROM member)
)
SELECT (SELECT roles FROM member WHERE merchant_id = m.id), NULL AS serves,
       m.id, m.name, m.slug, m.language, m.currency, m.country, m.timezone, m.email, m.brand
FROM people_merchant m
WHERE m.id IN (SELECT merchant_id FROM member)
   OR m.id IN (SELECT merchant_id FROM contract WHERE operator_id IN (SELECT operator_id FROM member))
UNION ALL
SELECT (SELECT roles FROM member WHERE operator_id = o.id), array(SELECT merchant_id FROM contract WHERE operator_id = o.id),
       o.id, o.name, o.slug, '', o.currency, '', o.timezone, '', ''
FROM people_operator o
WHERE o.id IN (SELECT operator_id FROM member)
   OR o.id IN (SELECT operator_id FROM contract WHERE merchant_id IN (SELECT merchant_id FROM member))
ORDER BY name, id
