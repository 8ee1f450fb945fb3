population rules.yb --people people.parquet --on 2024-06 --spark local[1] --out out
