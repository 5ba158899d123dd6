/** The tile. */
export function Mark({ size }: { readonly size: number }) {
  return <img src={`${BASE_PATH}tessera.svg`} width={size} height={size} alt="" />;
}
