# K05: clipped objective of PPO
# needs: pw: min, clip
# derive: --of L --wrt rho
L = min(rho*A, clip(rho, 1 - epsilon, 1 + epsilon)*A)
epsilon: positive
